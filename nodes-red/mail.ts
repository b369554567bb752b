import { email } from '../src/services/mail/email.channel';
import { mailgun } from '../src/services/mail/mailgun.channel';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = { email: channelSet(email), mailgun: channelSet(mailgun) };
