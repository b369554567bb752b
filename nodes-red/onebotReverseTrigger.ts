import { onebotReverseTrigger } from '../src/triggers/onebotReverseTrigger';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = triggerSet(onebotReverseTrigger);
