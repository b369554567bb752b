import { xxtui } from '../src/channels/xxtui';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(xxtui);
