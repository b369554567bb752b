import { email } from '../src/services/mail/email.channel';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(email);
