// One trust anchor, uploaded and made the active set.
package main

import (
	"fmt"
	"os"

	openai "github.com/OWNER/pulumi-openai-certificates/sdks/go/openaicertificates"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func program(ctx *pulumi.Context) error {
	pem, err := os.ReadFile("anchors/corp-root.pem")
	if err != nil {
		return err
	}
	root, err := openai.NewCertificate(ctx, "corp-root", &openai.CertificateArgs{
		Certificate: pulumi.String(pem),
	})
	if err != nil {
		return err
	}
	org, err := openai.NewCertificateActivation(ctx, "org", &openai.CertificateActivationArgs{
		CertificateIds:     pulumi.StringArray{root.ID()},
		DeactivateOnDelete: pulumi.Bool(config.GetBool(ctx, "deactivateOnDelete")),
	})
	if err != nil {
		return err
	}

	// Functions read what nothing declares.
	uploaded := openai.LookupCertificateOutput(ctx, openai.LookupCertificateOutputArgs{Id: root.ID()})
	inactive, err := openai.GetCertificates(ctx, &openai.GetCertificatesArgs{Active: pulumi.BoolRef(false)})
	if err != nil {
		return err
	}
	notActive := pulumi.StringArray{}
	for _, one := range inactive.Certificates {
		notActive = append(notActive, pulumi.String(one.Name))
	}

	ctx.Export("certificateId", root.ID())
	ctx.Export("expiresAt", root.ExpiresAt)
	ctx.Export("active", org.CertificateIds)
	ctx.Export("fingerprint", uploaded.Fingerprint())
	ctx.Export("notActive", notActive)
	return nil
}

// Without arguments it is what `pulumi up` runs; with one, it drives Pulumi itself (automate.go).
func main() {
	if len(os.Args) < 2 {
		pulumi.Run(program)
		return
	}
	if err := automate(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitCode(err))
	}
}
