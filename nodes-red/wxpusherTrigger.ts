import { wxpusherTrigger } from '../src/services/wxpusher/wxpusher.trigger';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = triggerSet(wxpusherTrigger);
