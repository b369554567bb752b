import { wecomAppTrigger } from '../src/services/wecom/wecomApp.trigger';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = triggerSet(wecomAppTrigger);
