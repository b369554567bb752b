import { dingtalkTrigger } from '../src/triggers/dingtalkTrigger';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = triggerSet(dingtalkTrigger);
