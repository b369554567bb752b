import { dingtalk } from '../src/channels/dingtalk';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonDingtalkApi extends credential(dingtalk) {}
