// Reads the search index: words to ranks, ranks to records, only the files a query needs and only so much at a time.
// Not for the page: search.js shows what is found here. The format is in docs/decisions/0013-static-search.md.
"use strict";

const toolriskIndex = (() => {
  const BYTES_A_STEP = 146_000; // what one search, and each "more" after it, may move
  const BYTES_FOR_WORDS = 92_000; // of these, what finding may take before records are read
  const ROWS = 20;
  const COUNTED = 5_000; // ranks that are counted ahead where that needs no other file
  const CANDIDATES = 2_048; // about how many ranks of the rarest word are looked at together
  const COMPLETIONS = 3; // frequent words that a half-typed word is read as together
  const WORDS = 8;
  const NOTHING = new Uint32Array(0);
  const SPACELESS = /([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[\u{20000}-\u{3ffff}])/gu;

  class Pause extends Error {}

  const awaited = new Map();
  const receive = (name, content) => awaited.get(name)?.(content);

  const loadScript = (folder, name, version) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const finish = (settle, value) => {
        awaited.delete(name);
        script.remove();
        settle(value);
      };
      awaited.set(name, (content) => finish(resolve, content));
      script.addEventListener("error", () => finish(reject, new Error(`${name} cannot be read`)));
      script.src = `${folder}${name}.js${version ? `?v=${version}` : ""}`;
      document.head.append(script);
    });

  const inflate = async (content) => {
    const squeezed = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
    const stream = new Blob([squeezed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };

  const cutText = (text, passedOver, limit) => {
    const plain = text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(SPACELESS, " $1 ");
    const words = (plain.match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !passedOver.has(word));
    return words.map((word) => [...word].slice(0, limit).join(""));
  };

  // The first place in a rising list that is not below a value.
  const findPlace = (list, value) => {
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const intersect = (candidates, list) => {
    const kept = [];
    let at = 0;
    for (const rank of candidates) {
      if (at < list.length && list[at] < rank) at += findPlace(list.subarray(at), rank);
      if (list[at] === rank) kept.push(rank);
    }
    return kept;
  };

  const unite = (lists) => {
    const held = lists.filter((list) => list.length);
    if (held.length < 2) return held[0] ?? NOTHING;
    const all = new Uint32Array(held.reduce((sum, list) => sum + list.length, 0));
    let end = 0;
    for (const list of held) {
      all.set(list, end);
      end += list.length;
    }
    all.sort();
    return all.filter((rank, at) => at === 0 || rank !== all[at - 1]);
  };

  class NumberReader {
    constructor(bytes) {
      this.bytes = bytes;
      this.at = 0;
    }

    next() {
      let value = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = this.bytes[this.at++];
        value += (byte & 127) * 2 ** shift;
        if (byte < 128) return value;
      }
    }

    list(size) {
      const ranks = new Uint32Array(size);
      let rank = 0;
      for (let at = 0; at < size; at += 1) ranks[at] = rank += this.next();
      return ranks;
    }
  }

  // Sources of ranks: `span` gives those between two ranks, `keep` the candidates that are among them.
  class ShortList {
    constructor(ranks) {
      this.ranks = ranks;
      this.size = ranks.length;
    }

    async span(from, to) {
      return this.ranks.subarray(findPlace(this.ranks, from), findPlace(this.ranks, to));
    }

    async keep(candidates) {
      return intersect(candidates, this.ranks);
    }
  }

  class LongList {
    constructor(size, starts, loadPart) {
      Object.assign(this, { size, starts, loadPart });
    }

    async span(from, to) {
      const parts = [];
      for (let at = Math.max(0, findPlace(this.starts, from + 1) - 1); at < this.starts.length; at += 1) {
        if (this.starts[at] >= to) break;
        const ranks = await this.loadPart(at);
        parts.push(ranks.subarray(findPlace(ranks, from), findPlace(ranks, to)));
      }
      return unite(parts);
    }

    async keep(candidates) {
      const kept = [];
      for (let first = 0; first < candidates.length; ) {
        const part = findPlace(this.starts, candidates[first] + 1) - 1;
        const end = this.starts[part + 1] ?? Infinity;
        let last = first;
        while (last < candidates.length && candidates[last] < end) last += 1;
        if (part >= 0) kept.push(...intersect(candidates.slice(first, last), await this.loadPart(part)));
        first = last;
      }
      return kept;
    }
  }

  class Either {
    constructor(sources) {
      this.sources = sources;
      this.size = sources.reduce((sum, source) => sum + source.size, 0);
    }

    async span(from, to) {
      const parts = [];
      for (const source of this.sources) parts.push(await source.span(from, to));
      return unite(parts);
    }

    async keep(candidates) {
      const found = new Set();
      for (const source of this.sources) {
        const open = found.size ? candidates.filter((rank) => !found.has(rank)) : candidates;
        for (const rank of await source.keep(open)) found.add(rank);
      }
      return candidates.filter((rank) => found.has(rank));
    }
  }

  class Everything {
    constructor(size) {
      this.size = size;
    }

    async span(from, to) {
      return Uint32Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);
    }

    async keep(candidates) {
      return candidates;
    }
  }

  // Goes through the ranks that all sources have, a window at a time; a window that was broken off is begun again.
  class Scan {
    constructor(sources, ranges, records) {
      [this.driver, ...this.others] = [...sources].sort((one, other) => one.size - other.size);
      this.ranges = ranges;
      this.stride = Math.max(CANDIDATES, Math.floor((records * CANDIDATES) / Math.max(1, this.driver.size)));
      this.at = 0;
    }

    async next() {
      while (this.ranges.length && this.at >= this.ranges[0][1]) this.ranges.shift();
      if (!this.ranges.length) return null;
      const from = Math.max(this.at, this.ranges[0][0]);
      const to = from + this.stride;
      let found = [];
      const ranks = await this.driver.span(from, to);
      for (const [first, end] of this.ranges) {
        if (first >= to) break;
        found.push(...ranks.subarray(findPlace(ranks, first), findPlace(ranks, end)));
      }
      for (const source of this.others) {
        if (!found.length) break;
        found = await source.keep(found);
      }
      this.at = to;
      return found;
    }
  }

  return {
    BYTES_A_STEP,
    BYTES_FOR_WORDS,
    COMPLETIONS,
    COUNTED,
    ROWS,
    WORDS,
    NOTHING,
    Either,
    Everything,
    LongList,
    NumberReader,
    Pause,
    Scan,
    ShortList,
    cutText,
    findPlace,
    inflate,
    loadScript,
    receive,
  };
})();
