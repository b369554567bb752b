import { onebotTrigger } from '../src/services/onebot/onebot.trigger';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = triggerSet(onebotTrigger);
