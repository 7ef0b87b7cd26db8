// Draws the charts of the page from the figures in it, again when the page turns dark, light or to paper.
(() => {
  const figures = JSON.parse(document.getElementById('figures').textContent);
  const runs = figures.runs;
  const comparing = runs.length > 1;
  let charts = [];

  const colour = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();

  const clock = seconds => {
    const two = n => String(Math.floor(n)).padStart(2, '0');
    const hours = seconds / 3600;
    return hours >= 1 ? `${Math.floor(hours)}:${two(seconds / 60 % 60)}:${two(seconds % 60)}`
                      : `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  };
  // The same units and spellings as in the tables: 6 600, 4.4ms, 1.5s.
  const count = n => n.toLocaleString('en', {maximumSignificantDigits: 6}).replaceAll(',', ' ');
  const short = n => n.toLocaleString('en', {maximumSignificantDigits: 3}).replaceAll(',', ' ');
  const time = ms => ms >= 60000 ? `${short(ms / 60000)}m` : ms >= 1000 ? `${short(ms / 1000)}s` : `${short(ms)}ms`;
  const percent = n => `${short(n)} %`;

  // What each chart shows: rows of a run's figures. `both` are those that two runs are compared by. No line
  // is told from its neighbours by its colour alone: each has dashes and a marker of its own.
  const looks = [
    {tone: 'red', marker: 'circle'}, {tone: 'amber', dash: [8, 6], marker: 'triangle'},
    {tone: 'violet', dash: [2, 2], marker: 'rect'}, {tone: 'teal', dash: [6, 5], marker: 'crossRot'},
    {tone: 'blue', marker: 'rectRot'}, {tone: 'green', dash: [2, 2], marker: 'cross'},
    {tone: 'quiet', dash: [8, 6], marker: 'star'}];
  const specs = {
    outcomes: {unit: count, title: 'retrievals a second', rows: [
      {row: 'started', label: 'arrivals', tone: 'blue', width: 4, faint: true, both: true},
      {row: 'succeeded', label: 'succeeded', tone: 'green', marker: 'circle'},
      {row: 'failed', label: 'failed', tone: 'red', dash: [6, 5], marker: 'crossRot', both: true}]},
    in_flight: {unit: count, title: 'retrievals', rows: [{row: 'in_flight', label: 'in flight', tone: 'teal', fill: true, both: true}]},
    response: {unit: time, is_of_time: true, log: true, power: true, limits: true, title: 'time, logarithmic', rows: [
      {row: 'p50', label: 'p50', tone: 'blue', marker: 'circle', both: true},
      {row: 'p90', label: 'p90', tone: 'violet', dash: [2, 2], marker: 'triangle'},
      {row: 'p99', label: 'p99', tone: 'amber', dash: [8, 6], marker: 'rect', both: true}]},
    distribution: {unit: percent, is_of_time: true, max: 100, title: 'share of retrievals', over: 'time', rows: [
      {row: 'succeeded_within', label: 'succeeded', tone: 'green', both: true},
      {row: 'failed_within', label: 'failed', tone: 'red', dash: [6, 5], both: true}]},
    provisioned: {unit: percent, max: 100, power: true, title: 'share of phones', rows: [
      {row: 'provisioned', label: 'provisioned', tone: 'green', fill: true, both: true}]},
    failures_over_time: {unit: count, power: true, title: 'passes a second', rows: [
      {row: 'passes_failed', label: 'passes failed', both: true},
      ...figures.failures_over_time.map((code, i) => ({row: `failed_by_${code}`, label: code, own: true, ...looks[i]}))]},
    lag: {unit: time, limit: true, title: 'time', rows: [{row: 'lag', label: 'longest in each interval', tone: 'blue', both: true}]},
  };

  // Between the marks of the time axis lie seconds, minutes or hours in round numbers.
  const round_step = seconds => {
    const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200];
    return steps.find(step => seconds / step <= 6) || 86400 * Math.ceil(seconds / 86400 / 6);
  };
  const length = Math.max(1, ...runs.map(run => Math.max(run.length_s, run.started.length * run.width_s)));
  const step = round_step(length);
  const end = step * Math.ceil(length / step);

  const points = (run, row, over) =>
    over ? run[row].map(([x, y]) => ({x, y})) : run[row].map((y, i) => ({x: i * run.width_s, y}));

  // A dozen markers a line, wherever it is long; and a value with nothing on either side of it, which would
  // not show as a line.
  const radius = marker => context => {
    const data = context.dataset.data;
    const at = i => (data[i] || {y: null}).y;
    const i = context.dataIndex;
    if (at(i) === null) return 0;
    const is_marked = marker && i % Math.ceil(data.length / 12) === 0;
    return is_marked ? 3 : at(i - 1) === null && at(i + 1) === null ? 1.5 : 0;
  };

  // What a void run has measured, in the charts of two; alone it is grey by the stylesheet.
  const is_void = (run, is_of_time) =>
    run.weight === 'says-nothing' || (is_of_time && run.weight === 'says-no-times');
  const tone_of_run = (place, is_of_time) =>
    is_void(runs[place], is_of_time) ? 'faint' : ['blue', 'amber'][place];
  const name_of_run = (place, is_of_time) => is_void(runs[place], is_of_time) ? `${'AB'[place]} (void)` : 'AB'[place];

  const line = (run, place, row, spec) => {
    const stroke = colour(comparing ? tone_of_run(place, spec.is_of_time) : row.tone);
    return {
      label: comparing ? `${name_of_run(place, spec.is_of_time)} ${row.label}` : row.label,
      data: points(run, row.row, spec.over),
      borderColor: stroke + (row.faint && !comparing ? '66' : ''), backgroundColor: stroke + '22',
      borderWidth: row.width && !comparing ? row.width : 1.8, borderJoinStyle: 'round',
      borderDash: row.dash || [],
      fill: comparing ? false : row.fill || false,
      // Two runs have a marker each, since their lines have the same dashes.
      pointStyle: comparing ? ['circle', 'triangle'][place] : row.marker || 'circle',
      pointBackgroundColor: stroke, pointBorderColor: stroke,
      pointRadius: radius(comparing || row.marker), pointHitRadius: 6,
    };
  };

  const limit_line = (label, ms, more) => ({
    label, data: [{x: 0, y: ms}, {x: end, y: ms}], is_limit: true, borderColor: colour('red'), borderDash: [8, 6],
    borderWidth: 1.4, pointRadius: 0, pointHitRadius: 0, fill: false, ...more,
  });

  // What expectations allow, by words: a limit that both of two runs have is one line.
  const expected_limits = () => {
    const found = new Map();
    runs.forEach((run, place) => run.limits.forEach(limit => {
      const words = `${limit.quantile} at most ${time(limit.ms)}${limit.is_of_some ? ', of some phones' : ''}`;
      const letters = (found.get(words) || {letters: ''}).letters + 'AB'[place];
      found.set(words, {ms: limit.ms, letters});
    }));
    return [...found].map(([words, {ms, letters}]) =>
      limit_line(letters.length < runs.length ? `${letters} ${words}` : words, ms, {in_place: true}));
  };

  // The words of a limit stand on its line, beside those of another where they would meet.
  const limits = {
    id: 'limits',
    afterDatasetsDraw: chart => {
      const {ctx, chartArea: area, scales: {y}} = chart;
      ctx.save();
      ctx.fillStyle = colour('red');
      ctx.textBaseline = 'alphabetic';
      ctx.font = `11px ${Chart.defaults.font.family}`;
      ctx.textAlign = 'right';
      const lines = chart.data.datasets.filter(set => set.in_place)
        .map(set => ({words: set.label, at: y.getPixelForValue(set.data[0].y)})).sort((a, b) => a.at - b.at);
      let above = -Infinity;
      let right = area.right - 4;
      for (const {words, at} of lines) {
        const foot = Math.max(at - 4, area.top + 11);
        if (foot - above >= 13) right = area.right - 4;
        ctx.fillText(words, right, foot);
        right -= ctx.measureText(words).width + 12;
        above = foot;
      }
      ctx.restore();
    },
  };

  const marks = marks_of(runs, end, colour);

  const axis = (extra, format, title) => ({
    title: {display: !!title, text: title, color: colour('quiet'), font: {size: 11}},
    grid: {color: colour('line'), drawBorder: false},
    ticks: {color: colour('quiet'), maxRotation: 0, autoSkipPadding: 16, maxTicksLimit: 7, callback: format},
    ...extra,
  });

  const log_axis = (format, title) => {
    // Marks at 1, 2 and 5 of each power of ten.
    const scale = axis({type: 'logarithmic'}, value => format(value), title);
    scale.afterBuildTicks = built => {
      const powers = [];
      for (let power = -3; power <= 8; ++power)
        for (const digit of [1, 2, 5]) powers.push(digit * 10 ** power);
      const within = powers.filter(value => value >= built.min && value <= built.max);
      const few = within.length > 8 ? within.filter(value => /^1(e|$)/.test(value.toExponential())) : within;
      if (few.length > 1) built.ticks = few.map(value => ({value}));
    };
    return scale;
  };

  const legend = {
    position: 'top', align: 'start',
    // A flat box is stroked to and fro: a dash of d and a gap of g show where 2 * boxWidth % (d + g) is d.
    labels: {boxWidth: 25, boxHeight: 0, padding: 14, color: '', font: {size: 12}},
  };

  const longest_interval = Math.max(...runs.map(run => run.width_s));

  const options = (x, y, unit, over = clock) => ({
    responsive: true, maintainAspectRatio: false, animation: false, normalized: true, parsing: false,
    interaction: {mode: 'index', intersect: false},
    scales: {x, y},
    plugins: {
      legend: {...legend, labels: {
        ...legend.labels, color: colour('quiet'), filter: (item, data) => !data.datasets[item.datasetIndex].in_place}},
      tooltip: {filter: item => !item.dataset.is_limit, callbacks: {
        title: items => items.length ? over(items[0].parsed.x) : '',
        label: item => `${item.dataset.label}: ${unit(item.parsed.y)}`,
        footer: items => items.length && over === clock
          ? marks.between(items[0].parsed.x, items[0].parsed.x + longest_interval) : '',
      }},
    },
  });

  const draw_lines = (canvas, spec) => {
    const rows = comparing ? spec.rows.filter(row => row.both) : spec.rows.filter(row => row.own || !spec.rows.some(each => each.own));
    const datasets = runs.flatMap(
      (run, place) => rows.filter(row => run[row.row].length > 0).map(row => line(run, place, row, spec)));
    if (spec.limit) datasets.push(limit_line('limit of lag p99.9', figures.lag_limit_ms));
    if (spec.limits) datasets.push(...expected_limits());
    const x = spec.over ? log_axis(time, 'time, logarithmic') : axis({type: 'linear', min: 0, max: end}, clock, 'time of the run');
    if (!spec.over) {
      x.ticks.stepSize = step;
      delete x.ticks.maxTicksLimit;
    }
    const y = spec.log ? log_axis(spec.unit, spec.title)
                       : axis({beginAtZero: true, max: spec.max, grace: spec.max ? 0 : '5%'}, spec.unit, spec.title);
    return new Chart(canvas, {
      type: 'line', data: {datasets}, options: options(x, y, spec.unit, spec.over ? time : clock),
      plugins: spec.over ? [] : [marks.plugin(spec.power), limits]});
  };

  const draw_failures = canvas => {
    const tones = {rule: 'violet', resolve: 'teal', connect: 'amber', tls: 'violet', transfer: 'red'};
    const datasets = runs.map((run, place) => ({
      label: comparing ? name_of_run(place) : 'passes failed',
      data: run.failures,
      backgroundColor: comparing ? colour(tone_of_run(place)) + (is_void(run) && place === 1 ? '88' : '')
                                 : figures.failures.map(failure => colour(tones[failure.stage] || 'blue')),
      maxBarThickness: 18, categoryPercentage: 0.8,
    }));
    const labels = figures.failures.map(failure => failure.code);
    const settings = options(axis({beginAtZero: true}, count, 'passes'), axis({grid: {display: false}}), count);
    settings.scales.x.ticks.precision = 0;
    settings.scales.y.ticks = {color: colour('quiet'), autoSkip: false, font: {size: 11}};
    settings.indexAxis = 'y';
    settings.parsing = true;
    settings.plugins.legend.display = comparing;
    settings.plugins.legend.labels.boxHeight = 8;
    settings.plugins.tooltip.callbacks = {};
    return new Chart(canvas, {type: 'bar', data: {labels, datasets}, options: settings});
  };

  const draw = () => {
    charts.forEach(chart => chart.destroy());
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    const canvases = [...document.querySelectorAll('canvas')];
    // Plots are as high with marks above them as without; at the sides of a plot are its axis and its edge.
    const beside = 70;
    const heights = canvases.map(
      canvas => marks.height(canvas.getContext('2d'), canvas.parentElement.clientWidth - beside));
    document.documentElement.style.setProperty('--marks', `${Math.max(0, ...heights)}px`);
    canvases.forEach(canvas => canvas.parentElement.style.removeProperty('--legend'));
    charts = canvases.map(
      canvas => canvas.id === 'failures' ? draw_failures(canvas) : draw_lines(canvas, specs[canvas.id]));
    // Nor does a legend of several rows take from the plot.
    const one_row = 28;
    for (const chart of charts) {
      if (chart.legend.height <= one_row) continue;
      chart.canvas.parentElement.style.setProperty('--legend', `${chart.legend.height - one_row}px`);
      chart.resize();
    }
  };

  // A line for each interval of the run, as spreadsheets read it; what was not measured is empty.
  const csv = run => {
    const rows = ['started', 'succeeded', 'failed', 'in_flight', 'p50', 'p90', 'p99', 'provisioned', 'lag'];
    const heads = ['started_per_s', 'succeeded_per_s', 'failed_per_s', 'in_flight', 'p50_ms', 'p90_ms', 'p99_ms',
      'provisioned_percent', 'lag_ms'];
    for (const code of figures.failures_over_time) {
      rows.push(`failed_by_${code}`);
      heads.push(`passes_failed_by_${code}_per_s`);
    }
    const lines = run.started.map((_, i) => [i * run.width_s, ...rows.map(row => run[row][i] ?? '')].join(','));
    return ['at_s,' + heads.join(','), ...lines, ''].join('\n');
  };

  document.querySelectorAll('a.save').forEach(link => {
    const place = Number(link.dataset.run);
    const is_csv = link.dataset.as === 'csv';
    const text = is_csv ? csv(runs[place]) : figures.results[place] + '\n';
    link.href = URL.createObjectURL(new Blob([text], {type: is_csv ? 'text/csv' : 'application/json'}));
    link.download = `run${comparing ? '-' + 'ab'[place] : ''}.${link.dataset.as}`;
  });

  draw();
  for (const medium of ['(prefers-color-scheme: dark)', 'print'])
    matchMedia(medium).addEventListener('change', draw);
})();
