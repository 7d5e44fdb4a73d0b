import type { dynamic } from "@pulumi/pulumi";

/*
 * The engine serializes a dynamic provider into `__provider`, in the inputs and the outputs of every resource, and read
 * and delete run that copy for as long as the resource lives. So what is serialized here is frozen in users' state: it
 * holds no logic, only the way to the package, and its text never changes between releases (a test pins it).
 *
 * `configure` is the first thing the provider process calls, before anything else can run; it puts the real lifecycle in
 * place. Until then, and where the package cannot be found, every other method stops with a message: a method that were
 * missing would be skipped in silence, a delete among them.
 */

type Provider = dynamic.ResourceProvider & { configure(request: unknown): Promise<void> };

function stop(): never {
  const error = new Error(
    'cannot find the package "pulumi-openai-certificates" from this Pulumi program: add it to the dependencies in the program\'s own package.json and install them',
  );
  error.stack = error.message;
  throw error;
}

export const certificateProvider = {
  check: stop,
  diff: stop,
  create: stop,
  read: stop,
  update: stop,
  delete: stop,
  configure(request: unknown) {
    try {
      const provider = require("pulumi-openai-certificates/provider");
      provider.configure(request);
      Object.assign(this, provider.certificate);
    } catch (error) {
      if ((error as { code?: string }).code !== "MODULE_NOT_FOUND") throw error;
    }
  },
} as unknown as Provider;

export const certificateActivationProvider = {
  check: stop,
  diff: stop,
  create: stop,
  read: stop,
  update: stop,
  delete: stop,
  configure(request: unknown) {
    try {
      const provider = require("pulumi-openai-certificates/provider");
      provider.configure(request);
      Object.assign(this, provider.certificateActivation);
    } catch (error) {
      if ((error as { code?: string }).code !== "MODULE_NOT_FOUND") throw error;
    }
  },
} as unknown as Provider;

export const projectCertificateActivationProvider = {
  check: stop,
  diff: stop,
  create: stop,
  read: stop,
  update: stop,
  delete: stop,
  configure(request: unknown) {
    try {
      const provider = require("pulumi-openai-certificates/provider");
      provider.configure(request);
      Object.assign(this, provider.projectCertificateActivation);
    } catch (error) {
      if ((error as { code?: string }).code !== "MODULE_NOT_FOUND") throw error;
    }
  },
} as unknown as Provider;
