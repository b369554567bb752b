import { feishuAppTrigger } from '../src/services/feishu/feishuApp.trigger';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = triggerSet(feishuAppTrigger);
