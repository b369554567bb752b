import { vocechatTrigger } from '../src/triggers/vocechatTrigger';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = triggerSet(vocechatTrigger);
