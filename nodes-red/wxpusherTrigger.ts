import { wxpusherTrigger } from '../src/triggers/wxpusherTrigger';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = triggerSet(wxpusherTrigger);
