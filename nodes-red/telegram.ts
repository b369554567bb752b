import { telegram } from '../src/services/telegram/telegram.channel';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(telegram);
