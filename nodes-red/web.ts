import { mediaSaber } from '../src/services/mediaSaber/mediaSaber.channel';
import { webhook } from '../src/services/webhook/webhook.channel';
import { websocket } from '../src/services/webhook/websocket.channel';
import { webhookTrigger } from '../src/services/webhook/webhook.trigger';
import { websocketTrigger } from '../src/services/webhook/websocket.trigger';
import { channelSet } from '../src/hosts/node-red/channel-node';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = {
	mediaSaber: channelSet(mediaSaber),
	webhook: channelSet(webhook),
	websocket: channelSet(websocket),
	webhookTrigger: triggerSet(webhookTrigger),
	websocketTrigger: triggerSet(websocketTrigger),
};
