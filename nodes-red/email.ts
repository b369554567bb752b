import { email } from '../src/channels/email';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(email);
