import { mediaSaber } from '../src/channels/mediaSaber';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(mediaSaber);
