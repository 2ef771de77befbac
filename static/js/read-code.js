/* Reads codes in pictures: by the browser where it can, else by a library in a worker, fetched when first asked for. */

const FORMATS = ["qr_code", "code_128", "code_39"];
const WIDEST = 2000;
let reading;

/* A function from a picture (video, bitmap) to the texts of the codes in it; fails when the library does not come. */
export function reader() {
  reading ??= byBrowser().then((own) => own ?? byLibrary());
  reading.catch(() => (reading = undefined));
  return reading;
}

export function isPossible() {
  return "BarcodeDetector" in window || typeof WebAssembly === "object";
}

async function byBrowser() {
  if (!("BarcodeDetector" in window)) return null;
  const known = await BarcodeDetector.getSupportedFormats();
  const formats = FORMATS.filter((format) => known.includes(format));
  if (!formats.includes("qr_code") || !formats.includes("code_128")) return null;
  const detector = new BarcodeDetector({ formats });
  return async (picture) => (await detector.detect(picture)).map((found) => found.rawValue);
}

async function byLibrary() {
  const worker = new Worker(new URL("./code-worker.js", import.meta.url));
  const ask = (pixels) =>
    new Promise((done, failed) => {
      const { port1, port2 } = new MessageChannel();
      worker.addEventListener("error", failed, { once: true });
      port1.onmessage = ({ data }) => {
        worker.removeEventListener("error", failed);
        port1.close();
        if (data) done(data);
        else failed();
      };
      worker.postMessage({ pixels, formats: FORMATS, port: port2 }, pixels ? [port2, pixels.data.buffer] : [port2]);
    });
  try {
    await ask(null);
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return (picture) => ask(pixelsOf(picture));
}

function pixelsOf(picture) {
  const [width, height] = [picture.videoWidth ?? picture.width, picture.videoHeight ?? picture.height];
  const scale = Math.min(1, WIDEST / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
