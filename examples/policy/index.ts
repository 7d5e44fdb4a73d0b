import { PolicyPack } from "@pulumi/policy";
import { anchorIsAuthority } from "./policies/anchorIsAuthority";
import { keySize } from "./policies/keySize";
import { minimumValidity } from "./policies/minimumValidity";
import { protectedActivation } from "./policies/protectedActivation";
import { setMinimumValidity } from "./policies/setMinimumValidity";
import { signatureAlgorithm } from "./policies/signatureAlgorithm";

new PolicyPack("openai-certificates", {
  policies: [anchorIsAuthority, keySize, signatureAlgorithm, minimumValidity, setMinimumValidity, protectedActivation],
});
