import { wxpusherTrigger } from '../../src/services/wxpusher/wxpusher.trigger';
import { triggerNode } from '../../src/hosts/n8n/trigger-node';

export class WxpusherTrigger extends triggerNode(wxpusherTrigger) {}
