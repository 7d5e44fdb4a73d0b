import { PolicyPack } from "@pulumi/policy";
import { anchorIsAuthority } from "./policies/anchorIsAuthority";
import { keyIdentifiers } from "./policies/keyIdentifiers";
import { keySize } from "./policies/keySize";
import { minimumValidity } from "./policies/minimumValidity";
import { noAllowEmpty } from "./policies/noAllowEmpty";
import { noDeactivateOnDelete } from "./policies/noDeactivateOnDelete";
import { protectedActivation } from "./policies/protectedActivation";
import { setMinimumValidity } from "./policies/setMinimumValidity";
import { signatureAlgorithm } from "./policies/signatureAlgorithm";
import { signsCertificates } from "./policies/signsCertificates";

const anchors = [anchorIsAuthority, signsCertificates, keyIdentifiers, keySize, signatureAlgorithm, minimumValidity];
const activations = [setMinimumValidity, protectedActivation, noDeactivateOnDelete, noAllowEmpty];

new PolicyPack("openai-certificates", { policies: [...anchors, ...activations] });
