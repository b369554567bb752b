import { mailgun } from '../../src/channels/mailgun';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Mailgun extends channelNode(mailgun) {}
