// An organization that was clicked together for years, on the emulator: something to report on, and to adopt.
const { createAuthority, startEmulator } = require("pulumi-openai-certificates/emulator");

const DAY_MS = 24 * 60 * 60 * 1000;
const PROJECTS = [
  { id: "proj_payments", name: "Payments" },
  { id: "proj_research", name: "Research" },
];

/** Starts the emulator with everything in it. Answers it, and the certificates' ids by what they are. */
async function startOrganization({ port, adminKey }) {
  const today = Date.now();
  let now = today;
  const emulator = await startEmulator({ port, adminKey, projects: PROJECTS, now: () => new Date(now) });
  const organization = emulator.organization();
  const authority = (commonName, from, to) =>
    createAuthority({
      commonName,
      organization: "Example Corp",
      notBefore: new Date(today + from * DAY_MS),
      notAfter: new Date(today + to * DAY_MS),
    });
  /** Uploads at a time in days from today, as the API would have taken it then. */
  const upload = (at, name, { certificate }) => {
    now = today + at * DAY_MS;
    const id = organization.upload({ name, certificate });
    now = today;
    return id;
  };

  const current = await authority("Corp Root 2025", -300, 430);
  const ids = {
    expired: upload(-700, "corp-root-2023", await authority("Corp Root 2023", -730, -12)),
    expiring: upload(-400, "corp-root-2024", await authority("Corp Root 2024", -410, 23)),
    current: upload(-290, "corp-root-2025", current),
    // The same file once more, because somebody was not sure.
    copy: upload(-289, "corp-root-2025 (copy)", current),
    partner: upload(-200, undefined, await authority("Partner Gateway CA", -250, 900)),
    // A name is whatever somebody typed.
    pentest: upload(-30, "<script>alert(1)</script>", await authority("Pentest CA", -31, 60)),
    next: upload(-2, "../corp-root-2026", await authority("Corp Root 2026", -3, 1200)),
  };
  organization.activate([ids.expired, ids.expiring, ids.current, ids.partner]);
  organization.activate([ids.expiring, ids.copy], "proj_payments");
  organization.activate([ids.pentest], "proj_research");
  return { emulator, ids };
}

module.exports = { startOrganization };

if (require.main === module) {
  const { PORT = "8787", OPENAI_ADMIN_KEY = "sk-admin-local" } = process.env;
  startOrganization({ port: Number(PORT), adminKey: OPENAI_ADMIN_KEY }).then(
    ({ emulator }) => console.log(emulator.url),
    (error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}
