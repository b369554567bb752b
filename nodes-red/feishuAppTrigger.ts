import { feishuAppTrigger } from '../src/triggers/feishuAppTrigger';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = triggerSet(feishuAppTrigger);
