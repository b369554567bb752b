import { xxtui } from '../src/services/xxtui/xxtui.channel';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(xxtui);
