import { dingtalkTrigger } from '../src/services/dingtalk/dingtalk.trigger';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = triggerSet(dingtalkTrigger);
