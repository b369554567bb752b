import { mailgun } from '../src/services/mail/mailgun.channel';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(mailgun);
