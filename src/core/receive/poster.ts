/** A bell on blue, 120 × 180 pixels: the poster of what is played as a sample, so that no server is asked for one. PNG. */
export const posterBase64 =
	'iVBORw0KGgoAAAANSUhEUgAAAHgAAAC0AgMAAAAiIACOAAAADFBMVEUfOl/mxnqpy6R7j6gqL42jAAAA4klEQVR42u3XwQ3CMAwF0PrgEboES9ARfIiXZDo2AImqNE4ct8gRasH/+uQk/bmkwxCJRGRGNpl5MhSY6Zw8MrM5bI3zK5M13B4fZ2Zz7dbqsLC+Oi6czK0bm79V3RxWps8ZV07mydSz+ThT7ctshpzpfxhzTp05vzDlynwstL5RF4Nk6sooOXVlWVpVm48LLWtzMZRM32MsOXXkstOiVR9XKlt1MdRM3RhrTt24Lk3U5mNF89pMBlZDv86732vYetPsYvu1d2L21bLR+da/QSRy5FxuWg7B5831IXL/Jkcic56yeShcCNh7TAAAAABJRU5ErkJggg==';

export const decodedPoster = () => ({ mime: 'image/png', data: new Uint8Array(Buffer.from(posterBase64, 'base64')) });
