import * as vega from 'vega';
import { compile } from 'vega-lite';

/** Grey that can be read on white and on black. */
const INK = '#808a99';
const COLORS = ['#12a594', '#e5672e'];

/** A line for each way, on logarithmic axes, as SVG without a background. */
export async function plot(rows, x, y, title) {
	const axis = {
		labelColor: INK,
		titleColor: INK,
		domainColor: INK,
		tickColor: INK,
		gridColor: INK,
		gridOpacity: 0.25,
	};
	const { spec } = compile({
		width: 460,
		height: 260,
		padding: 12,
		background: 'transparent',
		title: { text: title, color: INK },
		data: { values: rows.map((row) => ({ x: row[x], y: Math.max(row[y], 0.1), way: row.way })) },
		mark: { type: 'line', point: { size: 60, filled: true }, strokeWidth: 2.5 },
		encoding: {
			x: {
				field: 'x',
				type: 'quantitative',
				title: x,
				scale: { type: 'log' },
				axis: { ...axis, values: [...new Set(rows.map((row) => row[x]))] },
			},
			y: { field: 'y', type: 'quantitative', title: y, scale: { type: 'log' }, axis: { ...axis, tickCount: 5 } },
			color: {
				field: 'way',
				type: 'nominal',
				title: null,
				scale: { range: COLORS },
				sort: ['this node'],
				legend: { labelColor: INK, orient: 'top' },
			},
		},
		config: { view: { stroke: null } },
	});
	return await new vega.View(vega.parse(spec), { renderer: 'none' }).toSVG();
}
