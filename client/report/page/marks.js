'use strict';
// What happened in a run, for the charts over its time: when phones got power, pauses, and the scenario's events.
// Words and bars have a strip of their own above the plot, where they hide nothing of it; lines go down into it.
const marks_of = (runs, end, colour) => {
  const comparing = runs.length > 1;
  const row_height = 14;
  const bar_height = 18;
  const most_rows = 3;
  const gap = 4;
  const font = () => `11px ${Chart.defaults.font.family}`;

  // A mark that both of two runs have is one, without a letter.
  const gathered = (look, marks_of_run) => {
    const found = new Map();
    runs.forEach((run, place) => marks_of_run(run).forEach(mark => {
      const key = JSON.stringify(mark);
      const letters = (found.get(key) || {letters: ''}).letters + 'AB'[place];
      found.set(key, {...mark, letters});
    }));
    return [...found.values()].map(({letters, words, ...mark}) =>
      ({...mark, ...look, words: letters.length < runs.length ? `${letters} ${words}` : words}));
  };

  // No time of the run passes in a pause, so that it is one place on the axis.
  const lines = [
    ...gathered({tone: 'amber', dash: [2, 3]}, run => run.pauses.map(pause =>
      ({at: pause.at_s, over: 0, words: `paused ${pause.length}`}))),
    ...gathered({tone: 'quiet', dash: [5, 3]}, run => run.events.map(event =>
      ({at: event.at_s, over: event.over_s, words: event.words}))),
  ].sort((a, b) => a.at - b.at);

  const bars = runs.flatMap((run, place) => run.power_on
    ? [{from: run.power_on[0], to: run.power_on[1], words: `${comparing ? 'AB'[place] + ' ' : ''}power-on`}] : []);

  // What there is room for; nothing where it would say nothing.
  const shortened = (ctx, words, room) => {
    if (ctx.measureText(words).width <= room) return words;
    let end = words.length;
    while (end > 0 && ctx.measureText(words.slice(0, end).trimEnd() + '…').width > room) --end;
    return end < 8 ? '' : words.slice(0, end).trimEnd() + '…';
  };

  // Where words stand, from left to right: each at the right of its line, in the highest row where there is room and
  // from which on down to the plot nothing is in the line's way. At the right edge they stand at the left, where no
  // other line is crossed. What has no room is without words.
  const placed = (ctx, width) => {
    ctx.font = font();
    const ends = new Array(most_rows).fill(-Infinity);
    const with_words = [];
    const free_row = (from, at) =>
      ends.findIndex((edge, row) => edge <= from && ends.slice(row).every(below => below <= at));
    const place = (line, at, words, is_left) => {
      const length = ctx.measureText(words).width;
      const from = is_left ? at - gap - length : at;
      const crosses = is_left && (from < 0 || with_words.some(other => other > from && other < at));
      const row = words === '' || crosses ? -1 : free_row(from, at);
      if (row >= 0) ends[row] = (is_left ? at : at + gap + length) + 2 * gap;
      return {...line, at, row, words, is_left};
    };
    const spots = lines.map(line => Math.min(line.at / end, 1) * width);
    // Too near the right edge for its words, be they cut.
    const goes_left = (line, at) => width - at - gap < Math.min(90, ctx.measureText(line.words).width);
    const all = lines.map((line, i) => {
      const at = spots[i];
      // Up to the next line that has its words at the left.
      const next = spots.find((spot, k) => k > i && goes_left(lines[k], spot));
      const words = shortened(ctx, line.words, next === undefined ? width - at - gap : next - at - 3 * gap);
      const beside = goes_left(line, at) ? place(line, at, line.words, true) : {row: -1};
      const found = beside.row >= 0 ? beside : place(line, at, words, false);
      if (found.row >= 0) with_words.push(at);
      return found;
    });
    // Rows that nobody needs are taken from the top.
    const used = Math.min(...all.filter(line => line.row >= 0).map(line => line.row), most_rows);
    return {lines: all.map(line => ({...line, row: line.row < 0 ? -1 : line.row - used})), rows: most_rows - used};
  };

  const height_of = (rows, has_bars) => {
    const height = (has_bars ? bars.length * bar_height : 0) + rows * row_height;
    return height > 0 ? height + gap : 0;
  };

  // As the library lays out its legends; it calls update() with the width of the plot.
  const strip = (chart, has_bars) => ({
    position: 'top', weight: 0, options: {}, isHorizontal: () => true, draw: () => {}, height: 0, width: 0,
    bars: has_bars ? bars : [],
    update(width) {
      this.placed = placed(chart.ctx, width);
      this.width = width;
      this.height = height_of(this.placed.rows, has_bars);
    },
  });

  const draw_bars = (ctx, box) => {
    ctx.fillStyle = colour('quiet');
    box.bars.forEach(({from, to, words}, i) => {
      const [left, right] = [from, to].map(at => box.left + Math.min(at / end, 1) * box.width);
      const foot = box.top + (i + 1) * bar_height - gap;
      const is_right = left + ctx.measureText(words).width > box.right;
      ctx.fillRect(left, foot - 3, Math.max(2, right - left), 3);
      ctx.textAlign = is_right ? 'right' : 'left';
      ctx.fillText(words, is_right ? Math.min(right, box.right) : left, foot - 6);
    });
  };

  const draw_lines = (ctx, box, foot) => {
    box.placed.lines.forEach(({at, row, is_left, words, tone, dash}) => {
      const x = box.left + at;
      const top = box.top + box.bars.length * bar_height + row * row_height;
      const has_words = row >= 0;
      ctx.strokeStyle = ctx.fillStyle = colour(tone);
      ctx.setLineDash(dash);
      ctx.beginPath();
      ctx.moveTo(x, has_words ? top : box.bottom);
      ctx.lineTo(x, foot);
      ctx.stroke();
      if (!has_words) return;
      ctx.textAlign = is_left ? 'right' : 'left';
      ctx.fillText(words, x + (is_left ? -gap : gap), top + 11);
    });
  };

  // For a chart; `has_bars`: with when phones got power.
  const plugin = has_bars => {
    let box = null;
    return {
      id: 'marks',
      beforeInit: chart => {
        box = strip(chart, has_bars);
        Chart.layouts.addBox(chart, box);
      },
      // An event that takes its time is a faint band.
      beforeDatasetsDraw: ({ctx, chartArea: area}) => {
        ctx.save();
        box.placed.lines.filter(line => line.over > 0).forEach(({at, over, tone}) => {
          const right = Math.min(at + over / end * box.width, box.width);
          ctx.fillStyle = colour(tone) + '1c';
          ctx.fillRect(box.left + at, area.top, right - at, area.bottom - area.top);
        });
        ctx.restore();
      },
      afterDatasetsDraw: ({ctx, chartArea: area}) => {
        ctx.save();
        ctx.font = font();
        // The legend leaves another.
        ctx.textBaseline = 'alphabetic';
        draw_bars(ctx, box);
        draw_lines(ctx, box, area.bottom);
        ctx.restore();
      },
    };
  };

  // What began between two moments, in words: for who points at a place of a chart.
  const between = (from, to) => lines.filter(line => line.at >= from && line.at < to).map(line => line.words);

  // How high the strip is above a plot of that width, at most.
  const height = (ctx, width) => height_of(placed(ctx, width).rows, true);

  return {plugin, between, height};
};

