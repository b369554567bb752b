import { wxpusherTrigger } from '../../src/triggers/wxpusherTrigger';
import { triggerNode } from '../../src/hosts/n8n/trigger-node';

export class WxpusherTrigger extends triggerNode(wxpusherTrigger) {}
