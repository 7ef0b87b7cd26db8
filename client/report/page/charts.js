'use strict';
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
  const short = n => n.toLocaleString('en', {maximumSignificantDigits: 3, notation: 'compact'});
  const time = ms => ms >= 1000 ? `${short(ms / 1000)} s` : `${short(ms)} ms`;
  const percent = n => `${n} %`;

  // What each chart shows: rows of a run's figures. `both` are those that two runs are compared by.
  const specs = {
    outcomes: {unit: short, rows: [
      {row: 'started', label: 'arrivals', tone: 'blue', both: true},
      {row: 'succeeded', label: 'succeeded', tone: 'green'},
      {row: 'failed', label: 'failed', tone: 'red', both: true}]},
    in_flight: {unit: short, rows: [{row: 'in_flight', label: 'in flight', tone: 'teal', fill: true, both: true}]},
    response: {unit: time, rows: [
      {row: 'p50', label: 'p50', tone: 'blue', both: true},
      {row: 'p90', label: 'p90', tone: 'violet', fill: '-1'},
      {row: 'p99', label: 'p99', tone: 'red', fill: '-1', both: true}]},
    provisioned: {unit: percent, max: 100, rows: [
      {row: 'provisioned', label: 'provisioned', tone: 'green', fill: true, both: true}]},
    lag: {unit: time, limit: true, rows: [{row: 'lag', label: 'longest in each interval', tone: 'blue', both: true}]},
  };

  // Between the marks of the time axis lie seconds, minutes or hours in round numbers.
  const round_step = seconds => {
    const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200];
    return steps.find(step => seconds / step <= 6) || 86400 * Math.ceil(seconds / 86400 / 6);
  };
  const length = Math.max(1, ...runs.map(run => run.started.length * run.width_s));
  const step = round_step(length);
  const end = step * Math.ceil(length / step);

  const points = (run, row) => run[row].map((y, i) => ({x: i * run.width_s, y}));

  // A value with nothing on either side of it would not show as a line.
  const radius = context => {
    const at = i => (context.dataset.data[i] || {y: null}).y;
    const i = context.dataIndex;
    return at(i) !== null && at(i - 1) === null && at(i + 1) === null ? 2 : 0;
  };

  const line = (run, place, spec, last) => {
    const own = comparing ? (place === 0 ? 'blue' : 'amber') : spec.tone;
    const stroke = colour(own);
    return {
      label: comparing ? `${'AB'[place]} ${spec.label}` : spec.label,
      data: points(run, spec.row),
      borderColor: stroke, backgroundColor: stroke + '22', borderWidth: 1.6, borderJoinStyle: 'round',
      borderDash: comparing && last ? [5, 3] : [],
      fill: comparing ? false : spec.fill || false,
      pointRadius: radius, pointHitRadius: 6,
    };
  };

  const limit_line = () => {
    return {
      label: 'limit, of the lag at p99.9', data: [{x: 0, y: figures.lag_limit_ms}, {x: end, y: figures.lag_limit_ms}],
      borderColor: colour('red'), borderDash: [6, 4], borderWidth: 1.4, pointRadius: 0, fill: false,
    };
  };

  // No time of the run passes in a pause, so that it is one place on the axis: a dotted line, with how
  // long it was.
  const pauses = {
    id: 'pauses',
    afterDatasetsDraw: chart => {
      const {ctx, chartArea: area, scales: {x}} = chart;
      ctx.save();
      ctx.strokeStyle = ctx.fillStyle = colour('amber');
      ctx.font = `11px ${Chart.defaults.font.family}`;
      ctx.setLineDash([2, 3]);
      runs.forEach((run, place) => run.pauses.forEach(pause => {
        const at = x.getPixelForValue(pause.at_s);
        const words = `${comparing ? 'AB'[place] + ' ' : ''}paused ${pause.length}`;
        const is_right = at + 6 + ctx.measureText(words).width > area.right;
        ctx.beginPath();
        ctx.moveTo(at, area.top);
        ctx.lineTo(at, area.bottom);
        ctx.stroke();
        ctx.textAlign = is_right ? 'right' : 'left';
        ctx.fillText(words, at + (is_right ? -4 : 4), area.top + 10 + 13 * place);
      }));
      ctx.restore();
    },
  };

  const axis = (extra, format) => ({
    grid: {color: colour('line'), drawBorder: false},
    ticks: {color: colour('quiet'), maxRotation: 0, autoSkipPadding: 16, maxTicksLimit: 7, callback: format},
    ...extra,
  });

  const legend = {
    position: 'top', align: 'start',
    labels: {boxWidth: 14, boxHeight: 2, padding: 14, color: '', font: {size: 12}},
  };

  const options = (x, y, unit) => ({
    responsive: true, maintainAspectRatio: false, animation: false, normalized: true, parsing: false,
    interaction: {mode: 'index', intersect: false},
    scales: {x, y},
    plugins: {
      legend: {...legend, labels: {...legend.labels, color: colour('quiet')}},
      tooltip: {callbacks: {
        title: items => items.length ? clock(items[0].parsed.x) : '',
        label: item => `${item.dataset.label}: ${unit(item.parsed.y)}`,
      }},
    },
  });

  const draw_lines = (canvas, spec) => {
    const rows = comparing ? spec.rows.filter(row => row.both) : spec.rows;
    const datasets = runs.flatMap(
      (run, place) => rows.map((row, i) => line(run, place, row, rows.length > 1 && i === rows.length - 1)));
    if (spec.limit) datasets.push(limit_line());
    const x = axis({type: 'linear', min: 0, max: end}, clock);
    x.ticks.stepSize = step;
    delete x.ticks.maxTicksLimit;
    const y = axis({beginAtZero: true, max: spec.max, grace: spec.max ? 0 : '5%'}, spec.unit);
    return new Chart(canvas, {type: 'line', data: {datasets}, options: options(x, y, spec.unit), plugins: [pauses]});
  };

  const draw_failures = canvas => {
    const tones = {rule: 'violet', resolve: 'teal', connect: 'amber', tls: 'violet', transfer: 'red'};
    const datasets = runs.map((run, place) => ({
      label: comparing ? 'AB'[place] : 'passes failed',
      data: run.failures,
      backgroundColor: comparing ? colour(place === 0 ? 'blue' : 'amber')
                                 : figures.failures.map(failure => colour(tones[failure.stage] || 'blue')),
      maxBarThickness: 18, categoryPercentage: 0.8,
    }));
    const labels = figures.failures.map(failure => failure.code);
    const settings = options(axis({beginAtZero: true}, short), axis({grid: {display: false}}), short);
    settings.scales.y.ticks = {color: colour('quiet'), autoSkip: false, font: {size: 11}};
    settings.indexAxis = 'y';
    settings.parsing = true;
    settings.plugins.legend.display = comparing;
    settings.plugins.tooltip.callbacks = {};
    return new Chart(canvas, {type: 'bar', data: {labels, datasets}, options: settings});
  };

  const draw = () => {
    charts.forEach(chart => chart.destroy());
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    charts = [...document.querySelectorAll('canvas')].map(
      canvas => canvas.id === 'failures' ? draw_failures(canvas) : draw_lines(canvas, specs[canvas.id]));
  };

  draw();
  for (const medium of ['(prefers-color-scheme: dark)', 'print'])
    matchMedia(medium).addEventListener('change', draw);
})();
