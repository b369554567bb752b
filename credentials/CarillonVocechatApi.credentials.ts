import { vocechat } from '../src/services/vocechat/vocechat.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonVocechatApi extends credential(vocechat) {}
