import { makePicture } from "./makePicture.ts";
import type { PictureRequest } from "./pictureRequest.ts";
import type { PlainPicture } from "./plainPicture.ts";

/** What a worker is asked, and what it answers. */
export type PictureQuestion = { readonly id: number; readonly request: PictureRequest };
export type PictureAnswer = { readonly id: number } & (
  | { readonly picture: PlainPicture }
  | { readonly problem: string }
);

addEventListener("message", ({ data }: MessageEvent<PictureQuestion>) => {
  postMessage(answer(data));
});

function answer({ id, request }: PictureQuestion): PictureAnswer {
  try {
    return { id, picture: makePicture(request) };
  } catch (error) {
    return { id, problem: error instanceof Error ? error.message : String(error) };
  }
}
