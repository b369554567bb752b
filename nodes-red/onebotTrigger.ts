import { onebotTrigger } from '../src/triggers/onebotTrigger';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = triggerSet(onebotTrigger);
