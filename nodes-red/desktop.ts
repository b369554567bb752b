import { desktop } from '../src/services/desktop/desktop.channel';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(desktop);
