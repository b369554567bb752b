import { onebotReverseTrigger } from '../src/services/onebot/onebotReverse.trigger';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = triggerSet(onebotReverseTrigger);
