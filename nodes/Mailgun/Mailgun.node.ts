import { mailgun } from '../../src/services/mail/mailgun.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Mailgun extends channelNode(mailgun) {}
