// Draws .claude-plugin/icon.png: one task opens three that run side by side, and one closes them.
import { writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32, deflateSync } from "node:zlib";

const SIZE = 512;
const SAMPLES = 4; // a side of each pixel, for smooth edges

const background = [24, 32, 48];
const line = [120, 140, 170];
const dots = [
  { x: 112, y: 256, r: 42, colour: [244, 246, 250] },
  { x: 256, y: 124, r: 42, colour: [255, 176, 60] },
  { x: 256, y: 256, r: 42, colour: [64, 200, 160] },
  { x: 256, y: 388, r: 42, colour: [96, 160, 255] },
  { x: 400, y: 256, r: 42, colour: [244, 246, 250] },
];
const lines = [1, 2, 3].flatMap((middle) => [
  [dots[0], dots[middle]],
  [dots[middle], dots[4]],
]);

function colourAt(x, y) {
  if (!insideRoundedSquare(x, y, 96)) return null;
  const dot = dots.find((each) => Math.hypot(x - each.x, y - each.y) <= each.r);
  if (dot !== undefined) return dot.colour;
  if (dots.some((each) => Math.hypot(x - each.x, y - each.y) <= each.r + 14)) return background;
  return lines.some(([from, to]) => distanceToSegment(x, y, from, to) <= 8) ? line : background;
}

function insideRoundedSquare(x, y, radius) {
  const dx = Math.max(radius - x, x - (SIZE - radius), 0);
  const dy = Math.max(radius - y, y - (SIZE - radius), 0);
  return Math.hypot(dx, dy) <= radius;
}

function distanceToSegment(x, y, from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const along = Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - from.x - along * dx, y - from.y - along * dy);
}

function pixels() {
  const rows = Buffer.alloc(SIZE * (SIZE * 4 + 1)); // each row begins with its filter type, 0
  for (let y = 0; y < SIZE; y += 1) {
    for (let x = 0; x < SIZE; x += 1) {
      const sum = [0, 0, 0];
      let covered = 0;
      for (let sample = 0; sample < SAMPLES * SAMPLES; sample += 1) {
        const colour = colourAt(
          x + ((sample % SAMPLES) + 0.5) / SAMPLES,
          y + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES,
        );
        if (colour === null) continue;
        covered += 1;
        for (let channel = 0; channel < 3; channel += 1) sum[channel] += colour[channel];
      }
      const at = y * (SIZE * 4 + 1) + 1 + x * 4;
      for (let channel = 0; channel < 3; channel += 1)
        rows[at + channel] = covered === 0 ? 0 : Math.round(sum[channel] / covered);
      rows[at + 3] = Math.round((255 * covered) / (SAMPLES * SAMPLES));
    }
  }
  return rows;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

const header = Buffer.alloc(13);
header.writeUInt32BE(SIZE, 0);
header.writeUInt32BE(SIZE, 4);
header.set([8, 6, 0, 0, 0], 8); // 8 bits a channel, RGBA

const png = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  chunk("IHDR", header),
  chunk("IDAT", deflateSync(pixels(), { level: 9 })),
  chunk("IEND", Buffer.alloc(0)),
]);
writeFileSync(join(resolve(dirname(fileURLToPath(import.meta.url)), ".."), ".claude-plugin", "icon.png"), png);
