import { xxtui } from '../../src/channels/xxtui';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Xxtui extends channelNode(xxtui) {}
