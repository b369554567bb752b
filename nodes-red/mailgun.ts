import { mailgun } from '../src/channels/mailgun';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(mailgun);
