import { webPushTrigger } from '../../src/services/webPush/webPush.trigger';
import { triggerNode } from '../../src/hosts/n8n/trigger-node';

export class WebPushTrigger extends triggerNode(webPushTrigger) {}
