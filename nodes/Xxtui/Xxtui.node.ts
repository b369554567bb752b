import { xxtui } from '../../src/services/xxtui/xxtui.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Xxtui extends channelNode(xxtui) {}
