import { email } from '../../src/channels/email';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Email extends channelNode(email) {}
