const { SegmindApi } = require('./dist/credentials/SegmindApi.credentials.js');
const { KlingMotionControl } = require('./dist/nodes/KlingMotionControl/KlingMotionControl.node.js');

module.exports = { KlingMotionControl, SegmindApi };
