import { desktop } from '../src/channels/desktop';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(desktop);
