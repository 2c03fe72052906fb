// Answers a query from the search index: exact names first, then names, then other words, each by rank.
// Not for the page: search.js shows the answers.
"use strict";

const toolriskSearch = (() => {
  const { Either, Everything, LongList, NumberReader, Pause, Scan, ShortList, cutText, findPlace } = toolriskIndex;

  class Index {
    constructor(folder, contents, moved) {
      Object.assign(this, { folder, contents, moved, spent: moved, limit: Infinity, held: new Map() });
      this.frequent = new Map(contents.frequent.map((entry) => [entry[0], entry]));
      this.passedOver = new Set(contents.passed_over);
    }

    static async open(folder) {
      const content = await toolriskIndex.loadScript(folder, "index", "");
      const text = new TextDecoder().decode(await toolriskIndex.inflate(content));
      return new Index(folder, JSON.parse(text), content.length);
    }

    // Reads a file once. Refuses, by a Pause, what could move more than this step may.
    read(name, decode) {
      const { largest, version } = this.contents;
      if (this.held.has(name)) return this.held.get(name);
      if (this.spent + largest > this.limit) return Promise.reject(new Pause());
      this.spent += largest;
      const reading = toolriskIndex.loadScript(this.folder, name, version).then(async (content) => {
        this.spent += content.length - largest;
        this.moved += content.length;
        return decode(await toolriskIndex.inflate(content));
      });
      this.held.set(name, reading);
      reading.catch(() => this.held.delete(name));
      return reading;
    }

    readWords(file) {
      return this.read(`w${file}`, (bytes) => {
        const reader = new NumberReader(bytes);
        const count = reader.next();
        const length = reader.next();
        const words = new TextDecoder().decode(bytes.subarray(reader.at, reader.at + length)).split("\n");
        reader.at += length;
        const sizes = Array.from({ length: 2 * count }, () => reader.next());
        return { words, lists: sizes.map((size) => new ShortList(reader.list(size))) };
      });
    }

    readLists(file) {
      return this.read(`l${file}`, (bytes) => {
        const reader = new NumberReader(bytes);
        const lists = [];
        while (reader.at < bytes.length) lists.push(reader.list(reader.next()));
        return lists;
      });
    }

    readRecords(file) {
      return this.read(`r${file}`, (bytes) => JSON.parse(new TextDecoder().decode(bytes)));
    }

    fileOf(word) {
      return findPlace(this.contents.words, `${word}\0`) - 1;
    }

    frequentWord([, inNames, inTexts, first, together, nameStarts, textStarts]) {
      const load = async (place) => (together ? (await this.readLists(first))[place] : (await this.readLists(first + place))[0]);
      return {
        names: new LongList(inNames, nameStarts, load),
        texts: new LongList(inTexts, textStarts, (place) => load(place + nameStarts.length)),
      };
    }

    // The lists of one word, null when no record has it.
    async find(word) {
      const entry = this.frequent.get(word);
      if (entry) return this.frequentWord(entry);
      const file = this.fileOf(word);
      if (file < 0) return null;
      const { words, lists } = await this.readWords(file);
      const place = findPlace(words, word);
      return words[place] === word ? { names: lists[place], texts: lists[words.length + place] } : null;
    }

    // What a half-typed word may become, in portions: the frequent words, and one file of others, with each.
    complete(beginning) {
      const ends = `${beginning}\uffff`;
      const frequent = this.contents.frequent.filter(([word]) => word >= beginning && word < ends && !word.includes(" "));
      frequent.sort((one, other) => (other[0] === beginning) - (one[0] === beginning) || other[1] + other[2] - one[1] - one[2]);
      const first = Math.max(0, this.fileOf(beginning));
      const files = this.contents.words.slice(first).filter((word) => word < ends).length;
      const portions = [];
      for (let at = 0; at < files || at * toolriskIndex.COMPLETIONS < frequent.length; at += 1) {
        const chosen = frequent.slice(at * toolriskIndex.COMPLETIONS, (at + 1) * toolriskIndex.COMPLETIONS);
        portions.push(async () => {
          const found = chosen.map((entry) => this.frequentWord(entry));
          if (at < files) {
            const { words, lists } = await this.readWords(first + at);
            words.forEach((word, place) => {
              if (word < beginning || word >= ends || word.includes(" ")) return;
              found.push({ names: lists[place], texts: lists[words.length + place] });
            });
          }
          if (!found.length) return null;
          return { names: new Either(found.map(({ names }) => names)), texts: new Either(found.map(({ texts }) => texts)) };
        });
      }
      return portions;
    }

    // The stretches of ranks that the filters leave; `words` is how many a name has to have, or must not have.
    ranges({ risk, category, kind }, isWanted = () => true) {
      const { risks, categories, runs, records } = this.contents;
      const ranges = [];
      runs.forEach(([start, ofRisk, ofCategory, words, isTool], at) => {
        if (risk && risks[ofRisk] !== risk) return;
        if (category && categories[ofCategory] !== category) return;
        if (kind && (kind === "tool") !== Boolean(isTool)) return;
        if (!isWanted(words)) return;
        const end = at + 1 < runs.length ? runs[at + 1][0] : records;
        if (ranges.length && ranges.at(-1)[1] === start) ranges.at(-1)[1] = end;
        else ranges.push([start, end]);
      });
      return ranges;
    }

    search(typed, filters) {
      return new Search(this, typed, filters);
    }
  }

  class Search {
    constructor(index, typed, filters) {
      const { contents, passedOver } = index;
      const text = typed.slice(0, 200);
      const words = cutText(text, passedOver, contents.word_limit);
      const last = words.at(-1);
      // What no space follows yet may be the beginning of a word, unless it was too long to be looked at whole.
      const isHalf = words.length > 0 && cutText(/\S*$/u.exec(text)[0], passedOver, Infinity).at(-1) === last;
      const whole = [...new Set(isHalf ? words.slice(0, -1) : words)].slice(0, toolriskIndex.WORDS);
      this.beginning = isHalf && !whole.includes(last) ? last : "";
      this.count = whole.length + (this.beginning ? 1 : 0);
      Object.assign(this, { index, filters, seen: new Set(), waiting: [], scan: null });
      const portions = this.beginning ? index.complete(this.beginning) : [null];
      this.open = portions.flatMap((portion) => this.plan(whole, portion));
    }

    // The scans of one portion, each made when its turn comes.
    plan(whole, portion) {
      const { index, filters, count } = this;
      const start = async (choose, ranges) => {
        const files = [...whole.map((word) => index.find(word)), ...(portion ? [portion()] : [])];
        const [lists, limits] = [await Promise.all(files), await this.findFilters()];
        if (lists.includes(null) || limits.includes(null)) return null;
        const chosen = await choose(lists);
        const sources = [...chosen, ...limits];
        const { records } = index.contents;
        return new Scan(sources.length ? sources : [new Everything(records)], ranges, records);
      };
      const names = (lists) => this.chooseNames(whole, lists);
      const any = (lists) => lists.map((found) => new Either([found.names, found.texts]));
      if (!count) return [() => start(any, index.ranges(filters))];
      return [
        () => start(names, index.ranges(filters, (words) => words === count)),
        () => start(names, index.ranges(filters, (words) => words !== count)),
        () => start(any, index.ranges(filters)),
      ];
    }

    // Words that many names have are looked up in pairs: names that have both may be few or none.
    async chooseNames(whole, lists) {
      const often = whole.filter((_, at) => lists[at].names.size >= this.index.contents.pairs_from);
      if (often.length < 2) return lists.map(({ names }) => names);
      const others = lists.filter((_, at) => !often.includes(whole[at])).map(({ names }) => names);
      const pairs = often.slice(1).map((word) => this.index.find([often[0], word].sort().join(" ")));
      const found = await Promise.all(pairs);
      return [...found.map((pair) => pair?.names ?? new ShortList(toolriskIndex.NOTHING)), ...others];
    }

    findFilters() {
      const { facet, server } = this.filters;
      const wanted = [facet && `:${facet}`, server && `@${server}`].filter(Boolean);
      return Promise.all(wanted.map(async (word) => (await this.index.find(word))?.texts ?? null));
    }

    // Gives the next rows. `done`: these were the last; `isCounted`: no more will be found; `paused`: the step ended early.
    async more() {
      const { index } = this;
      let [paused, rows] = [false, []];
      try {
        paused = await this.gather(toolriskIndex.ROWS);
        index.limit = toolriskIndex.BYTES_A_STEP;
        rows = await this.takeRows(toolriskIndex.ROWS);
      } finally {
        index.spent = 0;
      }
      const isCounted = !this.open.length && !this.scan;
      const done = isCounted && !this.waiting.length;
      return { rows, paused: paused && !rows.length, done, isCounted, found: this.seen.size };
    }

    // Finds until more ranks than wanted wait, and as many more as need no other file: so that a count is exact if it can.
    async gather(wanted) {
      this.index.limit = toolriskIndex.BYTES_FOR_WORDS;
      try {
        while (this.scan || this.open.length) {
          if (this.waiting.length > wanted) this.index.limit = 0;
          if (this.waiting.length > wanted + toolriskIndex.COUNTED) break;
          if (!this.scan) {
            this.scan = await this.open[0]();
            this.open.shift();
          }
          const ranks = (await this.scan?.next()) ?? null;
          if (ranks === null) this.scan = null;
          for (const rank of ranks ?? []) {
            if (!this.seen.has(rank)) this.waiting.push(rank);
            this.seen.add(rank);
          }
        }
      } catch (error) {
        if (!(error instanceof Pause)) throw error;
        return this.waiting.length <= wanted;
      }
      return false;
    }

    // As many of the waiting ranks as the step may still move files for, at least one.
    async takeRows(wanted) {
      const { records_a_file: together, largest } = this.index.contents;
      const files = new Set();
      const room = Math.max(1, Math.floor((this.index.limit - this.index.spent) / largest));
      let taken = 0;
      for (const rank of this.waiting.slice(0, wanted)) {
        const file = Math.floor(rank / together);
        if (!this.index.held.has(`r${file}`)) files.add(file);
        if (files.size > room) break;
        taken += 1;
      }
      const ranks = this.waiting.splice(0, taken);
      return Promise.all(ranks.map((rank) => this.makeRow(rank)));
    }

    async makeRow(rank) {
      const { contents } = this.index;
      const [names, servers, tools] = await this.index.readRecords(Math.floor(rank / contents.records_a_file));
      const at = rank % contents.records_a_file;
      const run = contents.runs[findPlace(contents.runs.map(([start]) => start), rank + 1) - 1];
      const isTool = Boolean(run[4]);
      const [server, tool] = [servers[at], tools[at] || names[at]];
      const serverPage = contents.server_page.replace("{server}", () => encodeURIComponent(server));
      const toolPage = contents.tool_page.replace("{server}", () => encodeURIComponent(server));
      const href = isTool ? toolPage.replace("{tool}", () => encodeURIComponent(tool)) : serverPage;
      return { rank, name: names[at], href, server, serverPage, isTool, risk: contents.risks[run[1]], category: contents.categories[run[2]] };
    }
  }

  return { open: (folder) => Index.open(folder) };
})();
