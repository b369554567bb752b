import { mediaSaber } from '../src/services/mediaSaber/mediaSaber.channel';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(mediaSaber);
