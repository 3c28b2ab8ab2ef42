// `npm run build`: sets up what is missing, then builds the packages and the studio: `packages/studio/site` is a
// folder that any static host serves.
import { build, checkNode, install } from "./setup.mjs";
import { buildStudio } from "./studio.mjs";

checkNode();
install();
build();
buildStudio();
console.log("packages/studio/site");
