import { email } from '../../src/services/mail/email.channel';
import { channelNode } from '../../src/hosts/n8n/channel-node';

export class Email extends channelNode(email) {}
