import { wecomAppTrigger } from '../src/triggers/wecomAppTrigger';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = triggerSet(wecomAppTrigger);
