export type { Person } from "./auditLog";
export type {
  Authority,
  AuthorityOptions,
  CertificateOptions,
  ClientOptions,
  Issued,
  ServerOptions,
} from "./authority";
export { createAuthority } from "./authority";
export type { CertificateView, DirectAccess } from "./directAccess";
export { type Emulator, startEmulator } from "./emulator";
export type * from "./faults";
export type { EmulatorOptions } from "./options";
export type { ProjectSeed, StoredProject } from "./organization";
export { type Listener, type RecordedRequest, writes } from "./requestLog";
