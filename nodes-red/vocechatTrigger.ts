import { vocechatTrigger } from '../src/services/vocechat/vocechat.trigger';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = triggerSet(vocechatTrigger);
