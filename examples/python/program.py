"""One trust anchor, uploaded and made the active set."""

from pathlib import Path

import pulumi
import pulumi_openai_certificates as openai


def program() -> None:
    config = pulumi.Config()
    root = openai.Certificate("corp-root", certificate=Path("anchors/corp-root.pem").read_text())
    org = openai.CertificateActivation(
        "org",
        certificate_ids=[root.id],
        deactivate_on_delete=config.get_bool("deactivateOnDelete") or False,
    )

    pulumi.export("certificateId", root.id)
    pulumi.export("expiresAt", root.expires_at)
    pulumi.export("active", org.certificate_ids)
    # Functions read what nothing declares.
    pulumi.export("fingerprint", openai.get_certificate_output(id=root.id).fingerprint)
    pulumi.export("notActive", [one.name for one in openai.get_certificates(active=False).certificates])
