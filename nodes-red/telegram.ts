import { telegram } from '../src/channels/telegram';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(telegram);
