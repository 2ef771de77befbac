/* The worker around the library that reads codes (docs/vendored.md). WebAssembly is allowed here and on no page. */

importScripts("../vendor/zxing-wasm/reader.js");

const HERE = new URL("../vendor/zxing-wasm/", location.href).href;
ZXingWASM.prepareZXingModule({ overrides: { locateFile: (name) => HERE + name } });

onmessage = async ({ data: { pixels, formats, port } }) => {
  try {
    if (!pixels) await ZXingWASM.getZXingModule();
    const found = pixels ? await ZXingWASM.readBarcodes(pixels, { formats, textMode: "Plain", maxNumberOfSymbols: 8 }) : [];
    port.postMessage(found.map((code) => code.text));
  } catch {
    port.postMessage(null);
  }
};
